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
    // The bytes are lent; what is sent is handed over. So there must be a reference to hand over.
    mbuf.retain();
    channel.send(mbuf, from, to);
    if (!channel.writable()) {
      // Who does not read what he gets is not read from.
      channel.pauseReading();
    }
    return to;
  }

  @Override
  public void onWritable(Channel channel) {
    channel.resumeReading();
  }

  @Override
  public void onEnd(Channel channel) {
    channel.closeDrained();
  }

  @Override
  public void onClosed(Channel channel, Errno errno) {
    // The channel has released what it held, and there is nothing else.
  }
}
