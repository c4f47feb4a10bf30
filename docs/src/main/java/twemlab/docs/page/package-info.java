/// A page as what it consists of: lines, links, anchors, quotes of code.
package twemlab.docs.page;
