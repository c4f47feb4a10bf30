package twemlab.sim.model.redis;

/// The options of SET (`parseExtendedStringArgumentsOrReply` in redis' `t_string.c`).
///
/// @param expiryAt the index of the expiry argument; 0 if there is none
/// @param unitMillis milliseconds per unit of the expiry argument
/// @param absolute whether the expiry is a point in time, not a duration
record SetOptions(
    boolean onlyIfMissing,
    boolean onlyIfPresent,
    boolean get,
    boolean keepExpiry,
    int expiryAt,
    int unitMillis,
    boolean absolute) {

  /// Reads the options after the value.
  ///
  /// @throws RedisError for an unknown option, or options that exclude each other
  static SetOptions parse(RedisCall call) {
    boolean onlyIfMissing = false;
    boolean onlyIfPresent = false;
    boolean get = false;
    boolean keepExpiry = false;
    String expiry = "";
    int expiryAt = 0;
    for (int i = 3; i < call.count(); i++) {
      String option = call.option(i);
      boolean valid =
          switch (option) {
            case "nx" -> !onlyIfPresent;
            case "xx" -> !onlyIfMissing;
            case "get" -> true;
            case "keepttl" -> expiryAt == 0;
            case "ex", "px", "exat", "pxat" ->
                !keepExpiry && (expiryAt == 0 || expiry.equals(option)) && i + 1 < call.count();
            default -> false;
          };
      if (!valid) {
        throw new RedisError(RedisError.SYNTAX);
      }
      switch (option) {
        case "nx" -> onlyIfMissing = true;
        case "xx" -> onlyIfPresent = true;
        case "get" -> get = true;
        case "keepttl" -> keepExpiry = true;
        default -> {
          expiry = option;
          expiryAt = ++i;
        }
      }
    }
    int unitMillis = expiry.startsWith("e") ? 1000 : 1;
    boolean absolute = expiry.endsWith("at");
    return new SetOptions(
        onlyIfMissing, onlyIfPresent, get, keepExpiry, expiryAt, unitMillis, absolute);
  }
}
