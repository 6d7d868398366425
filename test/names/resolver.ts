// Loaded into a child process before its program (`--import`): a resolver whose table a test
// changes while the program runs. It stands where getaddrinfo stands, below everything that the
// program does with names, and takes what getaddrinfo takes: threads of Node's pool, of which libuv
// leaves two to look names up. A name that hangs keeps its thread until it is found again.

import dns from 'node:dns';
import { close, open, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Callback = (error: Error | null, found?: unknown, family?: number) => void;

const dir = process.env['TEST_HOSTS_DIR'] ?? '.';
/** Opening it waits, in a thread, until somebody writes to it. */
const fifo = join(dir, 'hangs');
const threadsMax = 2;
const queue: (() => void)[] = [];
let busyCount = 0;

const original = dns.lookup;

Object.assign(dns, {
  lookup(name: string, options: { readonly all?: boolean } | Callback, callback: Callback) {
    const isPlain = typeof options === 'function';
    const answer = isPlain ? options : callback;
    const isForAll = !isPlain && options?.all === true;
    // getaddrinfo opens files as well: where none can be opened, it says so and throws nothing.
    const table = readTable();
    if (table === null) return setImmediate(answer, errorOf(name, 'EMFILE'));
    if (!(name in table)) return original(name, options as dns.LookupOptions, answer);
    queue.push(() => lookUp(name, isForAll, answer));
    work();
  },
});

function work(): void {
  while (busyCount < threadsMax && queue.length > 0) {
    busyCount += 1;
    queue.shift()?.();
  }
}

function lookUp(name: string, isForAll: boolean, callback: Callback): void {
  const table = readTable();
  const found = table === null ? 'EMFILE' : table[name];
  if (found === 'hangs') {
    open(fifo, 'r', (error, fd) => {
      if (error === null) close(fd, () => lookUp(name, isForAll, callback));
      else answerLater(callback, error);
    });
    return;
  }
  if (found !== 'answers') answerLater(callback, errorOf(name, String(found)));
  else if (isForAll) answerLater(callback, null, [{ address: '127.0.0.1', family: 4 }]);
  else answerLater(callback, null, '127.0.0.1', 4);
}

function answerLater(callback: Callback, ...answer: Parameters<Callback>): void {
  setImmediate(() => {
    busyCount -= 1;
    callback(...answer);
    work();
  });
}

/** Null: this process may open no further file. */
function readTable(): Readonly<Record<string, string>> | null {
  try {
    return JSON.parse(readFileSync(join(dir, 'table.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EMFILE') return null;
    throw error;
  }
}

/** As Node makes it of what getaddrinfo says. */
function errorOf(hostname: string, code: string): Error {
  const message = `getaddrinfo ${code} ${hostname}`;
  return Object.assign(new Error(message), { code, syscall: 'getaddrinfo', hostname });
}
