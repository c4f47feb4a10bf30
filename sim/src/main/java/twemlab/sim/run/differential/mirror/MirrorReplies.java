package twemlab.sim.run.differential.mirror;

import static twemlab.sim.run.differential.mirror.Wire.bulk;
import static twemlab.sim.run.differential.mirror.Wire.hash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a [MirrorServer] answers: a function of the request and of the server's index, and of
/// nothing else. Every form of reply comes, decided by the request's first key; most replies name
/// the server and the request, so that a request that went to the wrong place, or arrived changed,
/// shows.
public final class MirrorReplies {
  private MirrorReplies() {}

  /// The reply to a redis request.
  ///
  /// @param database the number that the connection has selected
  static String redis(int server, int database, List<String> words) {
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    String key = words.size() > 1 ? words.get(1) : "";
    Fault fault = Fault.of(key);
    if (fault == Fault.OTHER_TYPE) {
      return "-READONLY You can't write against a read only replica.\r\n";
    }
    List<String> arguments = words.subList(1, words.size());
    return switch (name) {
      case "mget" -> {
        StringBuilder array = new StringBuilder("*" + arguments.size() + "\r\n");
        arguments.forEach(each -> array.append(element(server, database, each)));
        yield array.toString();
      }
      case "del", "unlink", "touch" -> ":" + arguments.size() * (long) (10 + server) + "\r\n";
      case "mset" -> "+OK\r\n";
      default -> any(server, database, name, key, words);
    };
  }

  /// What a redis says that cannot serve for a while.
  public static String transientError(Fault fault) {
    return switch (fault) {
      case OOM -> "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
      case BUSY -> "-BUSY Redis is busy running a script.\r\n";
      default -> "-LOADING Redis is loading the dataset in memory\r\n";
    };
  }

  private static String element(int server, int database, String key) {
    return key.contains("miss") ? "$-1\r\n" : bulk(server + "/" + database + ":" + key);
  }

  /// Whether the reply to a request with this key names the database and the server.
  public static boolean echoes(String key) {
    return hash(key) % 24 > 15;
  }

  private static String any(int server, int database, String name, String key, List<String> words) {
    int hash = hash(key);
    String echo = server + "/" + database + ":" + name + " " + hash(words.toString());
    return switch (hash % 24) {
      case 0 -> "+" + echo + "\r\n";
      case 1 -> ":" + (hash - (1 << 30)) + "\r\n";
      case 2 -> "$-1\r\n";
      case 3 -> "$0\r\n\r\n";
      case 4 -> "*0\r\n";
      case 5 -> "*-1\r\n";
      case 6 -> "-ERR " + echo + "\r\n";
      case 7 -> "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
      case 8 -> "-MOVED 3999 127.0.0.1:6381\r\n";
      case 9 -> "-X\r\n";
      case 10 -> "*3\r\n" + bulk(echo) + ":1\r\n*2\r\n+a\r\n-ERR b\r\n";
      case 11 -> "*2\r\n*1\r\n*1\r\n*-1\r\n" + bulk(echo);
      case 12 -> bulk(echo + "-".repeat(hash / 24 % 3000));
      case 13 -> array(echo, hash / 24 % 60);
      case 14 -> bulk(echo + "\r\n+OK\r\n$-1\r\n");
      case 15 -> "+\r\n";
      default -> bulk(echo + "=" + words.getLast());
    };
  }

  private static String array(String echo, int length) {
    StringBuilder array = new StringBuilder("*" + (length + 1) + "\r\n" + bulk(echo));
    for (int i = 0; i < length; i++) {
      array.append(i % 3 == 0 ? bulk("x".repeat(i * 3)) : ":" + i + "\r\n");
    }
    return array.toString();
  }

  /// The reply to a memcached line.
  ///
  /// @param fields of the line, without `noreply`
  public static String memcached(int server, List<String> fields, String data) {
    String key = fields.size() > 1 ? fields.get(1) : "";
    if (Fault.of(key) == Fault.OTHER_TYPE) {
      return "SERVER_ERROR out of memory storing object\r\n";
    }
    int hash = hash(key);
    return switch (fields.getFirst()) {
      case "get", "gets" -> retrieval(server, fields);
      case "version" -> "VERSION 1.6." + server + "\r\n";
      case "incr", "decr" -> hash % 4 == 0 ? error(hash / 4) : hash + "" + server + "\r\n";
      case "delete" -> List.of("DELETED\r\n", "NOT_FOUND\r\n", "ERROR\r\n").get(hash % 3);
      case "touch" -> List.of("TOUCHED\r\n", "NOT_FOUND\r\n").get(hash % 2);
      default -> stored(hash + hash(data));
    };
  }

  private static String retrieval(int server, List<String> fields) {
    StringBuilder reply = new StringBuilder();
    for (String key : fields.subList(1, fields.size())) {
      int hash = hash(key);
      if (!key.contains("miss")) {
        String value = server + ":" + key + "-".repeat(hash % 5 == 0 ? hash / 5 % 1200 : 0);
        String cas = fields.getFirst().equals("gets") ? " " + hash : "";
        String head = "VALUE " + key + " " + hash % 1000 + " " + value.length() + cas;
        reply.append(head).append("\r\n").append(value).append("\r\n");
      }
    }
    return reply.append("END\r\n").toString();
  }

  private static String stored(int number) {
    List<String> words = List.of("STORED", "NOT_STORED", "EXISTS", "NOT_FOUND");
    int choice = (number & 0xffff) % 10;
    return choice < 4 ? words.get(choice) + "\r\n" : choice == 9 ? error(number) : "STORED\r\n";
  }

  private static String error(int number) {
    List<String> lines = new ArrayList<>();
    lines.add("ERROR\r\n");
    lines.add("CLIENT_ERROR bad command line format\r\n");
    lines.add("SERVER_ERROR object too large for cache\r\n");
    lines.add("CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
    return lines.get((number & 0xffff) % lines.size());
  }
}
