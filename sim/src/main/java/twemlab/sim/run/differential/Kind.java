package twemlab.sim.run.differential;

/// Kinds of streams, and how often each comes.
enum Kind {
  REDIS("redis, right requests", 24),
  REDIS_ODD("redis, wrong requests among right ones", 22),
  REDIS_WILD("redis, changed bytes", 12),
  REDIS_AUTH("redis with a password", 6),
  REDIS_DATABASE("redis, database 3", 3),
  REDIS_FAULTS("redis, servers that misbehave", 9),
  REDIS_DOWN("redis, a server down and back", 4),
  REDIS_SETUP("redis, AUTH and SELECT before servers", 2),
  REDIS_TIMEOUT("redis, a late server and a timeout", 1),
  REDIS_EJECT("redis, ejection", 1),
  REDIS_IDLE("redis, ejection and servers that end idle connections", 1),
  MEMCACHED("memcached, right requests", 16),
  MEMCACHED_ODD("memcached, wrong requests among right ones", 10),
  MEMCACHED_WILD("memcached, changed bytes", 8),
  MEMCACHED_FAULTS("memcached, servers that misbehave", 6),
  MEMCACHED_DOWN("memcached, a server down and back", 3),
  MEMCACHED_TIMEOUT("memcached, a late server and a timeout", 1);

  final String words;
  final int weight;

  Kind(String words, int weight) {
    this.words = words;
    this.weight = weight;
  }
}
