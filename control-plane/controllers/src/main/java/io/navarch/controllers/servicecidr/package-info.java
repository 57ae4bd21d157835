/// Networks of Services, and the addresses that are taken in them.
package io.navarch.controllers.servicecidr;
