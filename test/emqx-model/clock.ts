// Time as the model sees it, so that a test can turn it by hand.

export interface ModelClock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Runs `act` once; what it returns calls that off. */
  after(ms: number, act: () => void): () => void;
}

// What a timer of Node can wait for.
const timerMsMax = 2_147_483_647;

export const realClock: ModelClock = {
  now: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, Math.min(ms, timerMsMax));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
