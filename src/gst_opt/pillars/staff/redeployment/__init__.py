"""Who is redeployed: heads moved between facilities so that more of the need is covered."""
