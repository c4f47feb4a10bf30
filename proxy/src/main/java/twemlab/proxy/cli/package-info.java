/// nutcracker's command line: its options, read as `getopt_long` reads them, and its texts.
///
/// C counterpart `nc.c`.
package twemlab.proxy.cli;
