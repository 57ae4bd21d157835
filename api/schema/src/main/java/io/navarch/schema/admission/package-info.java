/// The port of built-in admission: what a kind's plugins are given and may do to a write.
package io.navarch.schema.admission;
