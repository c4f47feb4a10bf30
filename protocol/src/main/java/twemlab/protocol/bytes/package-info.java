/// Numbers and words in native memory. Not exported.
package twemlab.protocol.bytes;
