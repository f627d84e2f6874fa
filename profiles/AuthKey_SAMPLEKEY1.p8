A throw-away key, made for this sample. It opens nothing: put your own AuthKey_XXXXXXXXXX.p8 in its place.
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgcMJMb3ogCmA6d397
5fStUqAVoNwhjN4dpWktjQ6vmIihRANCAAR8phYSWCqjg1Pa9uTnYAosO9Qlb0F6
EFaVRfouJqhSdTTRHWu7BMbrIjWheal0JK0VErsQokF7m6VYDpGtw3d5
-----END PRIVATE KEY-----
