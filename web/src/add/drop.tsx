/** Where a file is dropped; also a button that opens the picker, for the keyboard and for telephones. */

import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../text";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";

export function DropZone({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const newest = useRef(onFiles);
  newest.current = onFiles;

  // A file that is dropped beside the zone is meant for it as well, and must not replace the page.
  useEffect(() => {
    let depth = 0;
    const files = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const enter = (event: DragEvent) => {
      if (!files(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!files(event)) return;
      depth -= 1;
      if (depth <= 0) setOver(false);
    };
    const hold = (event: DragEvent) => {
      if (files(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!files(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      newest.current([...(event.dataTransfer?.files ?? [])]);
    };
    const heard = [
      ["dragenter", enter],
      ["dragleave", leave],
      ["dragover", hold],
      ["drop", drop],
    ] as const;
    for (const [name, act] of heard) document.addEventListener(name, act);
    return () => {
      for (const [name, act] of heard) document.removeEventListener(name, act);
    };
  }, []);

  return (
    <section class={`drop${over ? " over" : ""}`} aria-labelledby="drop-title">
      <span class="drop-sign">
        <Icon name="up" />
      </span>
      <h2 id="drop-title">{over ? text.add.dropNow : text.add.dropHere}</h2>
      <p class="soft">{text.add.dropKinds}</p>
      <input
        ref={picker}
        type="file"
        id="file"
        hidden
        accept=".csv,.tsv,.txt,.xlsx,.xls,.ods,text/csv,text/plain"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <Button kind="main" onClick={() => picker.current?.click()}>
        {text.add.chooseFile}
      </Button>
    </section>
  );
}
