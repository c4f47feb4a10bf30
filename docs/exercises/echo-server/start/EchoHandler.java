package twemlab.exercise.echoserver;

import twemlab.event.Channel;
import twemlab.event.kernel.Errno;
import twemlab.event.mbuf.Mbuf;

/// One connection of an echo server: sends back what it receives, and ends when the peer has ended
/// and has got everything.
final class EchoHandler implements Channel.Handler {
  @Override
  public void onConnected(Channel channel) {
    // Accepted channels are connected already.
  }

  @Override
  public int onBytes(Channel channel, Mbuf mbuf, int from, int to) {
    return to; // yours to write
  }

  @Override
  public void onWritable(Channel channel) {
    // yours, if you need it
  }

  @Override
  public void onEnd(Channel channel) {
    // yours to write
  }

  @Override
  public void onClosed(Channel channel, Errno errno) {
    // yours, if you need it
  }
}
