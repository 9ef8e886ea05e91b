/**
 * Tasks of one application that may be unfinished at once. Each takes its turns in the redrive function, as a hundred
 * deliveries a second, so a few are enough to start all that receivers take; and as many as one read of the table brings
 * tell which of them are over.
 */
export const mostUnfinishedTasks = 100;
