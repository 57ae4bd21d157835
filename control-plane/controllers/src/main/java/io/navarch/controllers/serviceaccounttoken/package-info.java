/// Tokens of service accounts that are kept in Secrets.
package io.navarch.controllers.serviceaccounttoken;
