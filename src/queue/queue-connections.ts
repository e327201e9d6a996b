/** Connections of the queue on PostgreSQL, of one process: one LISTEN a consumer, the rest for its statements. */
export const QUEUE_CONNECTIONS = 16
