/**
 * The maximum number of unfinished tasks of an application. Each restarts about a hundred deliveries per second, so that a
 * few tasks keep the receivers busy. One batch read of the table returns as many items, to find the finished ones.
 */
export const mostUnfinishedTasks = 100;
