/// Networks for the pods of each node.
package io.navarch.controllers.nodeipam;
