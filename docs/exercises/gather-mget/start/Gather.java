package twemlab.exercise.gathermget;

import java.util.List;

/// Joins the replies to the parts of a divided `MGET`.
final class Gather {
  private Gather() {}

  /// One reply out of several.
  ///
  /// The keys of part `p` are those whose entry in `partOfKey` is `p`, in the order of the request.
  /// If a part was answered with an error, the whole is answered with the first such error; a part
  /// that is no array of as many elements as it has keys counts as the error `-ERR protocol`.
  ///
  /// @param partOfKey for each key of the request, which part it went into
  /// @param replies whole RESP replies, one for each part
  static byte[] join(int[] partOfKey, List<byte[]> replies) {
    return new byte[0]; // yours to write
  }
}
