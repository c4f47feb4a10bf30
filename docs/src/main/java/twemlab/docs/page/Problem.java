package twemlab.docs.page;

/// Something that a page promises and the project does not keep.
///
/// @param file relative to the checkout, with slashes
/// @param line from 1
public record Problem(String file, int line, String text) {
  @Override
  public String toString() {
    return file + ":" + line + ": " + text;
  }
}
