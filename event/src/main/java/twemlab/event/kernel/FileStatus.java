package twemlab.event.kernel;

/// What lstat(2) returns of a name in the file system, as far as a listener asks: what it names,
/// and which file that is. [SocketCalls#lstat] fills it.
public final class FileStatus {
  /// What a name stands for.
  public enum Kind {
    SOCKET,
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  private Kind kind = Kind.OTHER;
  private long device;
  private long inode;

  /// Of no file yet.
  public FileStatus() {}

  /// What the call found.
  public void set(Kind newKind, long newDevice, long newInode) {
    kind = newKind;
    device = newDevice;
    inode = newInode;
  }

  /// What the name stands for.
  public Kind kind() {
    return kind;
  }

  /// Whether both are the same file. Its number is given to no other file as long as it has a name
  /// or is open, and that of a unix socket's while the socket is.
  public boolean isSameFile(FileStatus other) {
    return kind == other.kind && device == other.device && inode == other.inode;
  }
}
