-- Which processes cannot reach the queue's Redis now: each tells it of itself, for a worker may be the only one, and nobody asks a worker.
CREATE TABLE queue_outage (
  process text PRIMARY KEY,
  since timestamptz(3) NOT NULL,
  cause text NOT NULL,
  told_at timestamptz(3) NOT NULL DEFAULT app_now()
);
