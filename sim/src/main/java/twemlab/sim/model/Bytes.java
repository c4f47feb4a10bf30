package twemlab.sim.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An array of bytes as a key: equal by content, ordered as unsigned bytes. The array is not copied
/// and must not change.
public final class Bytes implements Comparable<Bytes> {
  private final byte[] array;
  private int hash; // computed when first needed: values are never hashed

  public Bytes(byte[] array) {
    this.array = array;
  }

  public byte[] array() {
    return array;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = Arrays.hashCode(array);
    }
    return hash;
  }

  @Override
  public int compareTo(Bytes that) {
    return Arrays.compareUnsigned(array, that.array);
  }

  @Override
  public String toString() {
    return new String(array, StandardCharsets.ISO_8859_1);
  }
}
