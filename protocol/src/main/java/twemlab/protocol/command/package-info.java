/// The commands of both protocols, one row each: what they are called and how they are forwarded.
package twemlab.protocol.command;
