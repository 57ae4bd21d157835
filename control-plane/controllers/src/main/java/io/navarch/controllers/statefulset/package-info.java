/// StatefulSets: pods with a number, a name and claims of their own.
package io.navarch.controllers.statefulset;
