import { breaking } from './mutation.ts';

const late = 'what comes late on a kept connection > ';

export const oddReceivers = breaking('odd receivers: read as they mean it, and bounded', [
  {
    breaks: 'what comes while a connection is idle is read as the next answer',
    symbol: 'createIdleConnections.put',
    from: ".on('data', onData)",
    to: '',
    test: `${late}never reaches the next request, if it comes before that: an answer`,
  },
  {
    breaks: 'what the kernel has when a request begins is read as its answer',
    symbol: 'createIdleConnections.take',
    from: 'await turn(); await turn();',
    to: '',
    test: `${late}nor if the kernel has it when that begins: an answer`,
  },
  {
    breaks: 'an answer that comes late fails the webhook of another endpoint on the same host',
    symbol: 'createSender.post',
    from: 'url.href',
    to: 'url.origin',
    test: `${late}does not reach the webhook of another endpoint`,
  },
  {
    breaks: 'a connection that brought more than its answer is used again',
    symbol: 'AnswerReader',
    from: '&& this.#input.isEmpty',
    to: '',
    test: 'an odd answer over a connection > is an answer: 200 with more than its length',
  },
  {
    breaks: 'a connection whose answer can be read in two ways is used again',
    symbol: 'AnswerReader',
    from: 'head.isStrict &&',
    to: '',
    test: 'an odd answer over a connection > is an answer: a CR in a value',
  },
  {
    breaks: 'a kept connection that brings no answer fails the attempt',
    symbol: 'createSender.post',
    from: 'first.isUnanswered',
    to: 'first.bytesRead === 0',
    test: `${late}if it is no answer, nor when it comes after the next request`,
  },
  {
    breaks: 'a request is sent again though its answer had begun',
    symbol: 'createSender.post',
    from: 'first.isUnanswered',
    to: 'true',
    test: 'a kept connection > that breaks after the first byte of an answer',
  },
  {
    breaks: 'empty lines are read without end',
    symbol: 'maxNoise',
    from: '64 * 1024',
    to: '1024 * 1024 * 1024',
    test: 'what is read > may be 64 KB before the status',
  },
  {
    breaks: 'informational answers are read without end',
    symbol: 'maxInformational',
    from: '10',
    to: '100_000',
    test: 'an odd answer > is refused: eleven informational answers',
  },
  {
    breaks: 'a body is read by its own bytes, and its framing may be endless',
    symbol: 'maxBodyRead',
    from: '64 * 1024',
    to: '1024 * 1024',
    test: 'what is read > is bounded in a body with extensions of a chunk',
  },
  {
    breaks: 'a delivery opens a connection to each of a thousand addresses',
    symbol: 'checkResolved',
    from: '.slice(0, maxTried)',
    to: '',
    test: 'checkResolved > gives at most four addresses',
  },
  {
    breaks: 'a status above 599 kills a delivery',
    symbol: 'readStatus',
    from: 'statusCode < 600',
    to: 'true',
    test: 'an answer > of 999, which is not a status',
  },
  {
    breaks: 'a second Retry-After makes the next attempt early',
    symbol: 'parseRetryAfter',
    from: 'Math.max(...waits)',
    to: 'waits[0]',
    test: 'parseRetryAfter > takes the longest wait of "60, 120"',
  },
  {
    breaks: 'endpoints that this deployment cannot reach are accepted and die',
    symbol: 'requireReachable',
    from: 'check?.ok',
    to: 'false',
    test: 'a URL that only IPv6 reaches > is refused when an endpoint is created',
  },
]);
