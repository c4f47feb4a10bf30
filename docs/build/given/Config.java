package twemlab.exercise.build;

import java.util.List;
import twemlab.event.kernel.Address;

/// What the proxy is told.
///
/// @param listen where clients come
/// @param servers where requests go
/// @param timeoutMillis how long a reply may take, from step 8 on
/// @param failures after how many in a row a server is left out, from step 9 on
/// @param retryMillis for how long
/// @param waiter `poll` or `epoll`, from step 10 on
record Config(
    Address listen,
    List<Address> servers,
    int timeoutMillis,
    int failures,
    int retryMillis,
    String waiter) {}
