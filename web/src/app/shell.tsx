/** The frame around every view: who is signed in, where one is, and the view itself. */

import { useEffect } from "preact/hooks";
import { session } from "../api/credential";
import { addressSignsIn, begin, resume, signOut } from "../api/session";
import { Account } from "./account";
import { useAction, useStore, useTitle } from "./hooks";
import { lazy } from "./lazy";
import { Link, useRoute } from "./router";
import { type Route, paths } from "./routes";
import { SignIn, SignInAgain } from "./signin";
import { Courses } from "../courses/courses";
import { text } from "../text";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { LiveRegion } from "../ui/live";
import { Loading } from "../ui/loading";

const Add = lazy(() => import("../add/add").then((module) => module.Add));
const Import = lazy(() => import("../imports/import").then((module) => module.Import));
const Course = lazy(() => import("../course/course").then((module) => module.Course));
const Story = lazy(() => import("../account/page").then((module) => module.Story));
const Operators = lazy(() => import("../operators/operators").then((module) => module.Operators));

export function Shell() {
  const now = useStore(session);
  const start = useAction(() => begin());
  useEffect(() => {
    void start.run();
    // An address that signs in, opened where the page is open already, loads nothing anew.
    const opened = () => void (addressSignsIn() && start.run());
    window.addEventListener("hashchange", opened);
    window.addEventListener("pageshow", shownAgain);
    return () => {
      window.removeEventListener("hashchange", opened);
      window.removeEventListener("pageshow", shownAgain);
    };
  }, []);
  if (now.state === "asking") {
    if (start.error === undefined) return <Loading />;
    return (
      <main class="lone">
        <Failed error={start.error} retry={() => void start.run()} />
      </main>
    );
  }
  if (now.state === "out") {
    return <SignIn left={now.why === "left"} linkRefused={start.error?.code === "SIGN_IN_REFUSED"} />;
  }
  return (
    <>
      <a class="skip" href="#main">
        {text.skip}
      </a>
      <Header staff={now.user.staff} />
      <main id="main" tabIndex={-1}>
        <View />
      </main>
      <LiveRegion />
      {now.state === "over" && <SignInAgain user={now.user} />}
    </>
  );
}

/** A browser may keep a page that was left, and show it by Back as it was: not to whoever signed out since. */
function shownAgain(event: PageTransitionEvent): void {
  if (event.persisted) void resume().then((answer) => !answer.ok && answer.error.status === 401 && location.reload());
}

function Header({ staff }: { readonly staff: boolean }) {
  const route = useRoute();
  const leave = useAction(() => signOut());
  return (
    <header class="top">
      <div class="top-inner">
        <Link to={paths.courses()} class="brand">
          {text.product}
        </Link>
        <nav aria-label={text.nav.label}>
          <Link to={paths.courses()} current={route.view === "courses"}>
            {text.nav.courses}
          </Link>
          {staff && (
            <Link to={paths.operators()} current={route.view === "operators"}>
              {text.nav.operators}
            </Link>
          )}
          <Link to={paths.account()} current={route.view === "account"}>
            {text.nav.account}
          </Link>
        </nav>
        <Button kind="quiet" busy={leave.busy} onClick={() => void leave.run()}>
          {text.nav.signOut}
        </Button>
      </div>
      {leave.error && <Failed error={leave.error} retry={() => void leave.run()} />}
    </header>
  );
}

function View() {
  const route: Route = useRoute();
  switch (route.view) {
    case "courses":
      return <Courses />;
    case "course":
      return <Course key={route.course} course={route.course} rest={route.rest} />;
    case "add":
      return <Add key={route.course} course={route.course} tab={route.tab} draft={route.draft} />;
    case "import":
      return <Import key={route.import} uuid={route.import} />;
    case "operators":
      return <Operators rest={route.rest} />;
    case "account":
      return <Account />;
    case "story":
      return <Story key={route.account} account={route.account} />;
    case "nowhere":
      return <Nowhere />;
  }
}

function Nowhere() {
  useTitle(text.nowhere.title);
  return (
    <>
      <h1>{text.nowhere.title}</h1>
      <p>{text.nowhere.sentence}</p>
      <p>
        <Link to={paths.courses()}>{text.nowhere.back}</Link>
      </p>
    </>
  );
}
