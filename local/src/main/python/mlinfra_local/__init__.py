"""The embedded AWS of mlinfra: a moto server whose CloudFormation and IAM tell the truth.

moto alone skips resource types it does not know, drops properties, and decides IAM by action only. The modules here
replace exactly those parts and leave the services themselves to moto:

    template_check   refuses what the emulator does not know, before anything is made
    stacks           the CloudFormation engine: order, update, replacement, rollback, exports
    resources        the resource types, one table; with network_resources and compute_resources
    policy           the policy language: actions, resources, principals, conditions
    authorization    who may do what, at every request
    caller           who asks: identity, policies, tags
    needs            what a request asks for: actions, resources, conditions
    sessions         sessions of roles: trust policies, session tags, web identity tokens
    denial           a denial as each service gives it
    memory           settings that moto would forget
    not_checked      what a green run here does not prove
    http_api         the server's own addresses under /mlinfra/
"""
