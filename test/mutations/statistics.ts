import { breaking } from './mutation.ts';

export const countedOnce = breaking('statistics: every change counts once', [
  {
    breaks: 'a batch that comes again after a crash is counted twice',
    symbol: 'rollup.roll',
    from: 'if (!known.has(change.fingerprint))',
    to: '',
    test: 'a batch of changes > is counted once',
  },
  {
    breaks: 'a retry counts the attempts before it again',
    symbol: 'newAttempts',
    from: '!known.has(identityOf(attempt))',
    to: '!known.has(String(attempt))',
    test: 'what a stored change adds > is the attempts that the old image has not',
  },
  {
    breaks: 'changes are acknowledged though their sums were not written',
    symbol: 'rollUp',
    from: 'failed = Math.min(failed, group.first);',
    to: '',
    test: 'a batch of changes > comes again from the first',
  },
  {
    breaks: 'sums that another shard wrote in between are overwritten',
    symbol: 'batch.write',
    from: '(await ports.store(key, next))',
    to: '[await ports.store(key, next)]',
    test: 'a batch of changes > adds to what another shard',
  },
]);
