// What keeps the page in step with the sandbox: the stream of changes, and reading in turn.

export function listen(onEvent, onState) {
  const source = new EventSource("/human/events");
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
}

// Runs `work` once at a time; what is asked for meanwhile is one more run, so that an old answer never comes last.
export function inTurn(work) {
  let running = null;
  let again = false;
  const turns = async () => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    if (running) again = true;
    else running = turns().finally(() => { running = null; });
    return running;
  };
}
