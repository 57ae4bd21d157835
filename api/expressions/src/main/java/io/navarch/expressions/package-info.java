/// CEL as Kubernetes speaks it: what expressions can name and call, and what is wrong with one.
package io.navarch.expressions;
