/// Aggregation: versions of groups that an APIService hands to another server are served as if they were this one's.
///
/// Calls are carried on to the Service's endpoints with the caller's name in headers, which the other server
/// believes because of the certificate that comes with them; discovery and OpenAPI are fetched now and then and
/// merged by the API server. Knows no kind that others serve, and decides nothing about who may do what. Start
/// with [io.navarch.aggregation.Aggregator], then [io.navarch.aggregation.Relay] and the package `status`.
@NullMarked
package io.navarch.aggregation;

import org.jspecify.annotations.NullMarked;
