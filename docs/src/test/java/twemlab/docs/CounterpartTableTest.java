package twemlab.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import twemlab.sim.run.soak.Checkout;

/// Doc comments to rows, and the page as it is.
class CounterpartTableTest {
  @Test
  void typesMembersAndFilesAreFound() {
    List<String> source =
        """
        /// A thing; C counterparts `struct thing` (nc_thing.h) and event/nc_epoll.c, which does
        /// `more`. Nothing of `this`.
        @Deprecated
        public final class Thing {
          /// C counterpart `THING_MAX`.
          static final int MAX = 1;

          /// Nothing.
          int none() {
            /// A kind. C counterpart `kind_t`.
            private enum Kind {}
          /// Does; C counterpart `thing_do`, as before.
          <T> void doIt(T what) {
        """
            .lines()
            .toList();
    assertThat(CounterpartTable.of("m", "m/Thing.java", source))
        .extracting(CounterpartTable.Row::java, CounterpartTable.Row::c)
        .containsExactly(
            tuple("Thing", List.of("struct thing", "nc_thing.h", "event/nc_epoll.c", "more")),
            tuple("Thing.MAX", List.of("THING_MAX")),
            tuple("Thing.Kind", List.of("kind_t")),
            tuple("Thing.doIt", List.of("thing_do")));
  }

  @Test
  void thePageIsUpToDate() throws IOException {
    Path root = Checkout.root();
    String page = Files.readString(root.resolve(CounterpartTable.PAGE));
    assertThat(CounterpartTable.of(root).into(page))
        .as("stale: run ./twemlab docs --update")
        .isEqualTo(page);
  }

  /// What a reader of twemproxy looks for first.
  @Test
  void theWellKnownNamesAreThere() throws IOException {
    assertThat(Files.readString(Checkout.root().resolve(CounterpartTable.PAGE)))
        .contains(
            "`struct event_base`",
            "`core_loop`",
            "`core_core`",
            "`struct conn`",
            "`struct msg`",
            "`struct mbuf`",
            "`struct mhdr`",
            "`imsg_q`",
            "`omsg_q`",
            "`nc_request.c`",
            "`nc_response.c`",
            "`struct server_pool`",
            "`struct server`",
            "`struct continuum`",
            "`redis_fragment`",
            "`redis_post_coalesce`",
            "`memcache_post_coalesce`",
            "`tmo_rbt`",
            "`stats_swap`",
            "`struct instance`",
            "`struct context`",
            "`event/nc_epoll.c`");
  }
}
