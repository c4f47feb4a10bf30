/// The data path: connections, servers and their pools, and the forwarding between them. The three
/// uses of a connection are [ClientConn], [ServerConn] and [ProxyConn]. C counterpart `struct conn`
/// (nc_connection.h).
package twemlab.proxy;
