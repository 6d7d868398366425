// Progress of a download for people: in place on a terminal, else a line now and then.

const LINE_EVERY_MS = 5_000;

export interface Progress {
  file(bytes: number): void;
  end(): void;
}

/** Counts files and bytes of one part. `say` gets whole lines where there is no terminal. */
export function createProgress(title: string, say: (line: string) => void): Progress {
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  let files = 0;
  let bytes = 0;
  let saidAt = performance.now();
  const state = () => `${title}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB fetched`;
  return {
    file(size) {
      files += 1;
      bytes += size;
      if (terminal) terminal.write(`\r\u001b[K${state()}`);
      else if (performance.now() - saidAt > LINE_EVERY_MS) {
        saidAt = performance.now();
        say(`${state()} …`);
      }
    },
    end() {
      terminal?.write('\r\u001b[K');
      say(files > 0 ? `${state()}.` : `${title}: was in the local Maven repository.`);
    },
  };
}
