"""What tests of an application, a plugin or a store can use. Nothing here is for a running application."""
