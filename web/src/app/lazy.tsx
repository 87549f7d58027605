/** Views that are loaded when somebody first looks at them. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { text } from "../text";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Loading } from "../ui/loading";

/** A component that is fetched before it is first drawn. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [View, setView] = useState<ComponentType<P> | undefined>(() => loaded);
    const [failed, setFailed] = useState(false);
    const [times, setTimes] = useState(0);
    useEffect(() => {
      if (loaded !== undefined) return;
      setFailed(false);
      load().then(
        (view) => {
          loaded = view;
          setView(() => view);
        },
        () => setFailed(true),
      );
    }, [times]);
    if (View !== undefined) return <View {...props} />;
    if (!failed) return <Loading />;
    return (
      <Notice
        tone="bad"
        title={text.errors.viewNotLoaded}
        actions={<Button onClick={() => location.reload()}>{text.errors.loadAgain}</Button>}
      >
        <p>{text.errors.viewNotLoadedWhy}</p>
        <Button kind="quiet" onClick={() => setTimes(times + 1)}>
          {text.tryAgain}
        </Button>
      </Notice>
    );
  };
}
