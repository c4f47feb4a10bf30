/// twemproxy: instance, context, pools, servers, connections and messages.
package twemlab.proxy;
