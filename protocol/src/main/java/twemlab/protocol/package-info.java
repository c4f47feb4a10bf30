/// The memcached and redis grammars as functions of bytes.
package twemlab.protocol;
