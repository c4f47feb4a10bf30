/// The process: its main class, signals, the daemon, the pid file and the orderly end. C
/// counterpart nc.c.
package twemlab.proxy.process;
