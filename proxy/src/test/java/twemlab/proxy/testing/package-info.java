/// Support for tests against real servers, also used by the modules `sim` and `benchmarks`.
package twemlab.proxy.testing;
