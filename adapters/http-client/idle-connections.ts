import type { Socket } from 'node:net';
import { RecentMap } from '#core/concurrency/cache.ts';

interface IdleConnection {
  readonly socket: Socket;
  readonly key: string;
  /** In milliseconds of the clock. */
  readonly until: number;
  /** Ends the watch over it, and its timer. */
  readonly release: () => void;
}

// A function may have a thousand open files, and makes ten requests at a time.
const maxIdle = 256;
// Keys on whose connections something came late.
const maxLate = 1000;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Connections that wait for the next request, by key. A connection on which anything comes meanwhile is closed, because an
 * answer to the next request cannot come before that request. Afterwards no connection of its key is kept, because what
 * comes late again could come while the next request waits for its answer.
 *
 * @param keepAliveMs how long a connection waits at most, in milliseconds
 * @param now milliseconds of a clock that runs on while the process is frozen
 */
export function createIdleConnections(keepAliveMs: number, now: () => number) {
  const late = new RecentMap<string, true>(maxLate);
  // The oldest first.
  const idle = new Set<IdleConnection>();

  function remove(connection: IdleConnection): void {
    idle.delete(connection);
    connection.release();
  }

  function drop(connection: IdleConnection): void {
    remove(connection);
    connection.socket.destroy();
  }

  /** Keeps a connection, at most for this many milliseconds. */
  function put(key: string, socket: Socket, reusableFor: number): void {
    const wait = Math.min(keepAliveMs, reusableFor);
    if (wait <= 0 || late.get(key) || socket.destroyed || socket.readableEnded) {
      socket.destroy();
      return;
    }
    const end = () => drop(connection);
    const onData = () => {
      late.set(key, true);
      end();
    };
    const timer = setTimeout(end, wait).unref();
    socket.on('data', onData).on('end', end).on('error', end).on('close', end).unref();
    const connection: IdleConnection = {
      ...{ socket, key, until: now() + wait },
      release: () => {
        clearTimeout(timer);
        socket.off('data', onData).off('end', end).off('error', end).off('close', end).ref();
      },
    };
    idle.add(connection);
    const [oldest] = idle;
    if (idle.size > maxIdle && oldest !== undefined) drop(oldest);
  }

  /** The connection that was used last, if it is still quiet and open. */
  async function take(key: string): Promise<Socket | undefined> {
    for (;;) {
      const last = [...idle].findLast((connection) => connection.key === key);
      if (last === undefined) return undefined;
      // Timers stand still while a function is frozen, so a connection may have outlived its time.
      if (now() > last.until) {
        drop(last);
        continue;
      }
      // No other request may take it meanwhile. After two turns of the event loop, all that came before has been read.
      idle.delete(last);
      await turn();
      await turn();
      if (last.socket.destroyed) continue;
      last.release();
      return last.socket;
    }
  }

  return { put, take };
}
