/// The small commands of `twemlab`, each with a `main` of its own; `docs/hashing.md` shows them at
/// work.
package twemlab.proxy.tool;
