import {
  attempted,
  eventMissing,
  preempted,
  probeDenied,
  probeTaken,
  requeued,
  superseded,
} from './decide-attempt.ts';
import { messageReceived, quarantined } from './decide-message.ts';
import { slotMissed, slotReached, slotReserved } from './decide-slot.ts';
import { holdExpired, released, restartRequested } from './decide-wait.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';
import type { Fact } from './fact.ts';

/**
 * Decides what becomes of a delivery. Pure: the same arguments give the same decision, so every step can be repeated
 * after a crash. "–" changes nothing and acknowledges the message.
 *
 * | fact              | queued                          | attempting            | held        | dead          | other settled |
 * | ----------------- | ------------------------------- | --------------------- | ----------- | ------------- | ------------- |
 * | message_received  | requeue, hold, cancel, divert,  | the same, once the    | –, cancel   | dead letter ¹ | – ¹           |
 * |                   | reserve_slot or claim and go    | claim has ended       |             |               |               |
 * | slot_reserved     | await_slot, requeue, hold, cancel                       |             |               |               |
 * | slot_reached      | take_probe or attempt                                   |             |               |               |
 * | slot_missed       | reserve_slot                                            |             |               |               |
 * | probe_taken       | attempt                                                 |             |               |               |
 * | probe_denied      | hold                            | hold, if own claim    | –           | dead letter ¹ | – ¹           |
 * | attempted: 2xx    | succeeded                       | succeeded             | succeeded   | succeeded     | succeeded     |
 * | attempted: other  | queued, held or dead            | the same, or recorded | the same    | dead letter ¹ | – ¹           |
 * | preempted         | divert                          | queued, if own claim  | –           | dead letter ¹ | – ¹           |
 * | requeued          | requeue                         | queued, if own claim  | –           | dead letter ¹ | – ¹           |
 * | superseded        | requeue                         | requeue               | –           | dead letter ¹ | – ¹           |
 * | released          | queued and wake                 | queued and wake       | queued, wake| –             | –             |
 * | hold_expired      | –                               | –                     | cancel ²    | –             | –             |
 * | restart_requested | next generation and wake, if the state is one of those asked for                                      |
 * | quarantined       | hold, the fourth time dead      | the same, once it ended | –         | dead letter ¹ | –             |
 * | event_missing     | cancel                          | cancel                | cancel      | dead letter ¹ | – ¹           |
 *
 * ¹ what follows from its end, again: the dead letter, after a 410 also the disabling, and the announcement of an expiry.
 * ² if a pause or an open circuit held it for 14 days.
 *
 * @param random in [0, 1), for jitter
 */
export function decide(delivery: Delivery, fact: Fact, now: number, random: number): Decision {
  switch (fact.kind) {
    case 'message_received':
      return messageReceived(delivery, fact, now);
    case 'slot_reserved':
      return slotReserved(delivery, fact, now);
    case 'slot_reached':
      return slotReached(fact);
    case 'slot_missed':
      return slotMissed(fact);
    case 'requeued':
      return requeued(delivery, fact, now);
    case 'probe_taken':
      return probeTaken;
    case 'probe_denied':
      return probeDenied(delivery, fact, now);
    case 'attempted':
      return attempted(delivery, fact, now, random);
    case 'preempted':
      return preempted(delivery, fact, now);
    case 'superseded':
      return superseded(delivery, now);
    case 'released':
      return released(delivery, fact, now);
    case 'hold_expired':
      return holdExpired(delivery, now);
    case 'restart_requested':
      return restartRequested(delivery, fact, now);
    case 'quarantined':
      return quarantined(delivery, fact, now);
    case 'event_missing':
      return eventMissing(delivery, now);
  }
}
