// Requests that are malformed, or just not, sent to the collector and to nginx and HAProxy before one: each is handled once or
// not at all. Lost is a request that should have been handled, doubled one that nobody sent.
import { runCorpus } from '../e2e/corpus_run.mjs';

export async function run({ long }) {
    const { requests, lost, doubled, pass, ways } = await runCorpus({ long });
    const figures = Object.entries(ways).flatMap(([way, { requests: sent, handled }]) => [
        [way, sent],
        [`${way}_handled`, handled],
    ]);
    return { lost, doubled, requests, ...Object.fromEntries(figures), pass };
}
