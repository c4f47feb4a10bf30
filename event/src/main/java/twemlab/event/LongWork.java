package twemlab.event;

/// Work that is too long for one turn of the loop, and is done in slices.
///
/// While some of it waits, the loop does not; between two slices it serves all others. The loop's
/// thread.
public interface LongWork {
  /// No such work.
  LongWork NONE =
      new LongWork() {
        @Override
        public boolean isWaiting() {
          return false;
        }

        @Override
        public void serve() {
          // Nothing ever waits.
        }
      };

  /// Whether something is left to do.
  boolean isWaiting();

  /// Does the slice of one turn.
  void serve();
}
