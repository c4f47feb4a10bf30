package twemlab.proxy.process;

import twemlab.event.EventLoop;

/// The thread of a loop: runs turns until it is stopped.
///
/// A programming error in a turn ends the thread; [#failure] has it.
public final class LoopThread implements AutoCloseable {
  private final EventLoop loop;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile Throwable failure;

  private LoopThread(EventLoop loop, String name) {
    this.loop = loop;
    this.thread = new Thread(this::run, name);
  }

  /// Starts a daemon thread for a loop, which must not be touched by others from then on.
  public static LoopThread start(EventLoop loop, String name) {
    LoopThread started = new LoopThread(loop, name);
    started.thread.setDaemon(true);
    started.thread.start();
    return started;
  }

  private void run() {
    try {
      while (!stopped) {
        loop.runOnce();
      }
    } catch (Throwable e) {
      failure = e;
    }
  }

  /// Waits for the loop's end.
  ///
  /// @return what ended it, or null if it was stopped
  public Throwable join() throws InterruptedException {
    thread.join();
    return failure;
  }

  /// The error that ended the loop, or null.
  public Throwable failure() {
    return failure;
  }

  /// The thread's number, for counting what it allocates.
  public long threadId() {
    return thread.threadId();
  }

  /// Has the loop end after its current turn, and waits for that.
  @Override
  public void close() {
    stopped = true;
    loop.transport().wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
