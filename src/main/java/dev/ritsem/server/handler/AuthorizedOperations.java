package dev.ritsem.server.handler;

/**
 * What a client may do, as 32-bit fields with one bit per ACL operation (KIP-430). As long as there
 * is no authorizer, everybody may do everything that is defined for a resource.
 */
final class AuthorizedOperations {
  /** The answer if the client did not ask. */
  static final int NOT_ASKED = Integer.MIN_VALUE;

  private static final int READ = 1 << 3;
  private static final int WRITE = 1 << 4;
  private static final int CREATE = 1 << 5;
  private static final int DELETE = 1 << 6;
  private static final int ALTER = 1 << 7;
  private static final int DESCRIBE = 1 << 8;
  private static final int CLUSTER_ACTION = 1 << 9;
  private static final int DESCRIBE_CONFIGS = 1 << 10;
  private static final int ALTER_CONFIGS = 1 << 11;
  private static final int IDEMPOTENT_WRITE = 1 << 12;

  /** Everything that can be done with a topic. */
  static final int TOPIC =
      READ | WRITE | CREATE | DELETE | ALTER | DESCRIBE | DESCRIBE_CONFIGS | ALTER_CONFIGS;

  /** Everything that can be done with the cluster. */
  static final int CLUSTER =
      CREATE
          | ALTER
          | DESCRIBE
          | CLUSTER_ACTION
          | DESCRIBE_CONFIGS
          | ALTER_CONFIGS
          | IDEMPOTENT_WRITE;

  private AuthorizedOperations() {}
}
