/// Functions from bytes to numbers, one file each. Not exported: [twemlab.hashing.KeyHash] names
/// them.
package twemlab.hashing.function;
