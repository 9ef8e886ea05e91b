import { breaking } from './mutation.ts';

const wholeApplication = 'an application with everything that one can have >';

export const deletedIsGone = breaking('a deleted event is gone', [
  {
    breaks: 'the payload of a deleted event stays in the table',
    symbol: 'erase',
    from: 'await bury(applicationId, left, ttl);',
    to: '',
    test: 'DELETE /api/events/{id} > of a wide event is a task',
  },
  {
    breaks: 'a crash while deliveries are ended leaves some of them going',
    symbol: 'deleteEvent',
    from: 'await endDeliveries(services, applicationId, event); await events.erased(applicationId, event);',
    to: 'await events.erased(applicationId, event); await endDeliveries(services, applicationId, event);',
    test: 'an event that is deleted while it is retried > ends the same when any one effect dies',
  },
  {
    breaks: 'a message that carries the payload sends it long after the event was deleted',
    symbol: 'receive',
    from: 'received.receiveCount === 1 && isNew',
    to: 'received.receiveCount === 1',
    test: 'a delivery of a deleted event > is not attempted by a first message',
  },
  {
    breaks: 'an event that is deleted within its delay of less than a minute is delivered',
    symbol: 'queueOrHold',
    from: 'first && delay === 0',
    to: 'first',
    test: 'a delay > makes deliver read the delivery first',
  },
  {
    breaks: 'answers of endpoints, which may repeat the payload, stay with the deliveries',
    symbol: 'endWithEvent',
    from: 'next.attempts.map(withoutAnswer)',
    to: 'next.attempts',
    test: 'a delivery of a deleted event > keeps how it ended',
  },
]);

export const applicationIsGone = breaking('applications: what is removed is gone', [
  {
    breaks: 'the tokens of a removed application work for another minute',
    symbol: 'router.call',
    from: 'route.inApplication === false && caller.isOperator',
    to: 'route.inApplication === false || !caller.isOperator',
    test: `${wholeApplication} disappears at once`,
  },
  {
    breaks: 'deliveries of a removed application stay unsettled',
    symbol: 'purged',
    from: "isSettled(delivery.state) && delivery.state.status !== 'dead'",
    to: 'isSettled(delivery.state) || delivery.revision > 0',
    test: `${wholeApplication} leaves nothing`,
  },
  {
    breaks: 'a crash between the removal of an endpoint and that of its deliveries forgets the deliveries',
    symbol: 'purgeEndpoint',
    from: 'await ports.removal.takeDown(applicationId, endpointId);',
    to: `await ports.removal.takeDown(applicationId, endpointId);
  await ports.removal.forget(applicationId, endpointId);`,
    test: `${wholeApplication} is removed completely`,
  },
]);

export const announced = breaking('what happens to an endpoint is announced at least once', [
  {
    breaks: 'a delivery that expires in wait for its slot is not announced when its function crashes',
    symbol: 'leave',
    from: "state.status === 'cancelled' && state.reason === 'expired' ? announceExpiry : acknowledge",
    to: 'acknowledge',
    test: 'a delivery that would wait for its slot for more than 14 days > is cancelled',
  },
  {
    breaks: 'a circuit that opened before a crash is not announced',
    symbol: 'attendEndpoint',
    from: 'if (event) await ports.announce(event);',
    to: '',
    test: 'a circuit that opens, is probed and closes > ends the same when any one effect dies',
  },
  {
    breaks: 'a hold that expired before a crash is not announced',
    symbol: 'endExpiredHold',
    from: "await notify(store); return (await deliveries.store(store)) === 'stored' ? store : undefined;",
    to: "if ((await deliveries.store(store)) !== 'stored') return undefined; await notify(store); return store;",
    test: 'a hold that takes too long > ends the same when any one effect dies',
  },
]);
