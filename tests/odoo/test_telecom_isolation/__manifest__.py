{
    "name": "Telecom Isolation Probe",
    "summary": "Nobody meets another tenant, whatever the model, the route or the message; for tests only",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["test_telecom"],
}
