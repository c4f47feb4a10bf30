package twemlab.exercise.respcuts;

import java.util.List;

/// Reads redis requests, arrays of bulk strings, out of a stream that is cut anywhere:
///
/// ```text
/// *2\r\n $3\r\n GET\r\n $1\r\n k\r\n        (without the spaces)
/// ```
///
/// A number has one to six digits and nothing else. A request has 1 to 1,024 words of 0 to 65,536
/// bytes each; a line ends with CR LF and nothing else.
final class RequestReader {
  /// What was found.
  enum Result {
    /// The range is consumed, and it is the beginning of a request.
    AGAIN,
    /// A whole request.
    DONE,
    /// No continuation makes this a request. Every further call says the same.
    BROKEN
  }

  /// Reads the bytes `[from, to)`, to the end of a request at most. Keeps no reference to the
  /// array.
  Result read(byte[] bytes, int from, int to) {
    return Result.AGAIN; // yours to write
  }

  /// After DONE: the index of the first byte behind the request.
  int position() {
    return 0; // yours to write
  }

  /// After DONE: the words of the request.
  List<byte[]> words() {
    return List.of(); // yours to write
  }

  /// Begins the next request.
  void reset() {
    // yours to write
  }
}
