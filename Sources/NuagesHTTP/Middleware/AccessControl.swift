/// Middleware that lets only some through: those of an address, those who have logged in.
///
/// `routes --audit` names the routes that have none.
public protocol AccessControl: Middleware {}
