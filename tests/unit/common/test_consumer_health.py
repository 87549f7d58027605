"""When a watchdog should end the process."""

from services.common.consumer_health import Progress


class Clock:
    """Seconds that pass when told."""

    now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def verdict(progress: Progress, lag: int, dead: str | None = None) -> str | None:
    """The verdict with limits of 30 and 90 seconds."""
    health = progress.health(dead=dead, assigned=1, lag=lag)
    return health.verdict(no_progress_s=30, no_contact_s=90)


def test_lag_without_progress() -> None:
    """Records ahead and none handled for too long is a verdict; without records, or with progress, it is not."""
    clock = Clock()
    progress = Progress(clock)
    clock.now += 31
    assert verdict(progress, lag=5) == "5 records ahead and none handled for 31 s"
    assert verdict(progress, lag=0) is None
    progress.progressed()
    assert verdict(progress, lag=5) is None


def test_stated_reason_excuses() -> None:
    """Waiting for a stated reason is no stall, and afterwards the time begins anew."""
    clock = Clock()
    progress = Progress(clock)
    progress.wait("the queue is full")
    clock.now += 60
    health = progress.health(dead=None, assigned=1, lag=5)
    assert (health.waiting_for, health.waiting_s) == ("the queue is full", 60)
    assert verdict(progress, lag=5) is None
    progress.wait(None)
    assert verdict(progress, lag=5) is None
    clock.now += 29
    assert verdict(progress, lag=5) is None
    clock.now += 2
    assert verdict(progress, lag=5) is not None


def test_no_contact_is_never_excused() -> None:
    """A broker silent for too long ends the process, whatever it waits for; a fresh process connects anew."""
    clock = Clock()
    progress = Progress(clock)
    progress.wait("something")
    clock.now += 91
    assert verdict(progress, lag=0) == "no contact with Kafka for 91 s"
    progress.contacted()
    assert verdict(progress, lag=0) is None


def test_dead_is_dead() -> None:
    """A loop that ended is named."""
    assert verdict(Progress(Clock()), lag=0, dead="the loop ended") == "the loop ended"
